/*
 * How long a voter's page takes to make a ballot of 5 of 10 candidates, in Chromium:
 *
 *     node bench/ballot_browser.mjs [RUNS]
 *
 * Each run is a new page, so that its first ballot is measured, tables and all. A line of JSON for
 * each speed of the processor: how many times slower, and the milliseconds of all runs.
 */
import { launch, open } from "../tests/browser/harness.mjs";
import { measureBallot, serveModules } from "../tests/browser/modules.mjs";

const runs = Number(process.argv[2] ?? 9);
const modules = await serveModules(), browser = await launch();
try {
    for (const slower of [1, 4, 6]) {
        const times = [];
        for (let i = 0; i < runs; i++) {
            const page = await open(browser);
            times.push(await measureBallot(page, modules.url, slower));
            await page.context().close();
        }
        console.log(JSON.stringify({ slower, ms: times.map((time) => Number(time.toFixed(1))) }));
    }
} finally {
    await browser.close();
    await modules.close();
}
