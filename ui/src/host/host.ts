/** What differs between the browser and the desktop window, asked for by capability. Today: the browser's. */

/** Puts text on the clipboard; false when the browser refuses. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether this is an Apple keyboard, where the palette opens with the command key. */
export const commandKey: boolean = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Saves text as a file, where the browser keeps downloads. */
export function saveText(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
