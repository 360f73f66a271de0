/* QR codes as drawings. */
import qrcode from "qrcode-generator";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4; /* the border that readers need */

/* `label` is what it is for who can't see it. */
export function drawQr(text, label) {
    const code = qrcode(0, "M");
    code.addData(text);
    code.make();
    const n = code.getModuleCount();
    let path = "";
    for (let row = 0; row < n; row++) {
        for (let column = 0; column < n; column++) {
            if (code.isDark(row, column)) {
                path += `M${column + QUIET} ${row + QUIET}h1v1h-1z`;
            }
        }
    }
    const svg = document.createElementNS(SVG, "svg"), dark = document.createElementNS(SVG, "path");
    svg.setAttribute("class", "qr");
    svg.setAttribute("viewBox", `0 0 ${n + 2 * QUIET} ${n + 2 * QUIET}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
    dark.setAttribute("d", path);
    svg.append(dark);
    return svg;
}
