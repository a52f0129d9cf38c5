/** Ways of telling outside the page: a notification of the computer, two soft tones. */

export interface Told {
  title: string;
  text: string;
  /** The same one is shown once, however many tabs tell of it. */
  tag: string;
  onClick: () => void;
}

/** Whether this browser can show notifications at all. */
export const canNotify: boolean = typeof Notification !== "undefined";

/** Asks whether notifications may be shown; true when they may. */
export async function mayNotify(): Promise<boolean> {
  return canNotify && (await Notification.requestPermission()) === "granted";
}

export function notify({ title, text, tag, onClick }: Told): void {
  // Whoever looks at the page sees it there.
  if (!canNotify || Notification.permission !== "granted" || document.hasFocus()) return;
  const notification = new Notification(title, { body: text, tag, icon: "/icon.svg" });
  notification.onclick = () => {
    focus();
    notification.close();
    onClick();
  };
}

let audio: AudioContext | undefined;

export function chime(): void {
  audio ??= new AudioContext();
  const now = audio.currentTime;
  for (const [index, pitch] of [660, 880].entries()) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const at = now + index * 0.14;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.32);
  }
}
