/* The elections that are open here. A card's QR code leads here: its card goes on to the election. */
import { rootOf, takeFragment } from "./page.js";

export function homePage() {
    const root = rootOf("home");
    if (!root) {
        return;
    }
    const card = takeFragment(), links = [...root.querySelectorAll("a[data-election]")];
    if (card === "") {
        return;
    }
    for (const link of links) {
        link.hash = encodeURIComponent(card);
    }
    const open = links.filter((link) => "voting" in link.dataset);
    if (open.length === 1) {
        location.replace(open[0].href);
    }
}
