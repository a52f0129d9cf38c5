// Sets the chosen look and language before the first paint. A file of its own, because the content
// security policy allows no scripts inside the page.
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
})();
