// A QR code as one path of an SVG, in units of its modules.

import { encode } from "uqr";

export interface QrPath {
  /** Modules on a side, the quiet zone included. */
  size: number;
  path: string;
}

/** Light modules around it that readers need (ISO/IEC 18004: four). */
const QUIET = 4;

export function qrPath(text: string): QrPath {
  const { data, size } = encode(text, { ecc: "M", border: QUIET });
  const runs = data.flatMap((row, y) => {
    const parts: string[] = [];
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      parts.push(`M${from} ${y}h${x - from + 1}v1H${from}z`);
    }
    return parts;
  });
  return { size, path: runs.join("") };
}

/** The same as a file for printing. */
export function qrSvg(text: string): string {
  const { size, path } = qrPath(text);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="1024" height="1024"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`;
}
