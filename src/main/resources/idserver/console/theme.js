// Before the first paint, so that a page in the dark does not begin with a flash of light.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // storage is forbidden: the system's theme
}
