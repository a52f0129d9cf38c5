// Sets the chosen look and language before the first paint, and opens the door of a one-time link while the pages are
// still being loaded. A file of its own, because the content security policy allows no scripts inside the page.
(() => {
  const root = document.documentElement;
  let theme = null;
  let language = null;
  try {
    theme = localStorage.getItem("chatai.theme");
    language = localStorage.getItem("chatai.language");
  } catch {
    // Storage can be switched off; the system's look and language are used then.
  }
  if (theme === "light" || theme === "dark" || theme === "contrast") root.dataset.theme = theme;
  if (language !== "en" && language !== "ru") {
    language = (navigator.languages ?? []).some((tag) => /^(ru|be|uk|kk)\b/i.test(tag)) ? "ru" : "en";
  }
  root.lang = language;

  const token = location.pathname === "/enter" ? location.hash.slice(1) : "";
  if (token === "") return;
  // The token goes from the address bar and the history at once.
  history.replaceState(history.state, "", location.pathname + location.search);
  const answer = fetch("/api/enter", {
    method: "POST",
    headers: { "content-type": "application/json", "x-chatai": "1" },
    body: JSON.stringify({ token }),
  });
  // Whoever waits for it is told; until then a failure is nobody's.
  answer.catch(() => {});
  globalThis.chataiEntering = { token, answer };
})();
