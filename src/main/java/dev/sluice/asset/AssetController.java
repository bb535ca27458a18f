package dev.sluice.asset;

import dev.sluice.access.Needs;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.time.Duration;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Serves styles and scripts. A browser asks for each once, as long as there is nothing else in it. */
@RestController
class AssetController {

    private static final CacheControl FOR_EVER =
            CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();

    private final Assets assets;

    AssetController(Assets assets) {
        this.assets = assets;
    }

    @Needs({})
    @GetMapping(Assets.PATH + "{hash}/{name}")
    ResponseEntity<byte[]> asset(
            @PathVariable("hash") String hash,
            @PathVariable("name") String name,
            @RequestHeader(name = HttpHeaders.ACCEPT_ENCODING, defaultValue = "") String accepted) {
        Asset asset = assets.asset(name)
                .filter(found -> found.hash().equals(hash))
                .orElseThrow(() -> Problem.of(
                                ProblemType.NOT_FOUND,
                                "there is no file of this name and content; load the page again that asked for it")
                        .exception());
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok()
                .cacheControl(FOR_EVER)
                .header(HttpHeaders.CONTENT_TYPE, asset.type())
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        return accepted.contains("gzip")
                ? answer.header(HttpHeaders.CONTENT_ENCODING, "gzip").body(asset.zipped())
                : answer.body(asset.bytes());
    }
}
