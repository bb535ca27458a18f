package dev.sluice.http;

/** The request methods that carry a body and change something. */
enum Method {
    POST,
    PUT,
    PATCH
}
