"""What schemathesis does not know of the service's bodies."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value):
    """A text as it is. Anything else would be a text on the wire, too, and perhaps a right one: it is sent as none."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else b"\0" + json.dumps(value).encode()
