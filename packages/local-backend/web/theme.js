const themes = ['auto', 'light', 'dark'];

apply(localStorage.getItem('theme') ?? 'auto');

/** @param {HTMLButtonElement} button shows the theme and changes it */
export function themeButton(button) {
  const show = () => {
    const theme = document.documentElement.dataset.theme ?? 'auto';
    button.textContent = { auto: '◐', light: '☀', dark: '☾' }[theme] ?? '';
    button.setAttribute('aria-label', `Theme: ${theme}`);
    button.title = `Theme: ${theme}`;
  };
  button.addEventListener('click', () => {
    const now = document.documentElement.dataset.theme ?? 'auto';
    const next = themes[(themes.indexOf(now) + 1) % themes.length] ?? 'auto';
    localStorage.setItem('theme', next);
    apply(next);
    show();
  });
  show();
}

/** @param {() => void} listener called when colours change; what is drawn on a canvas does not do so by itself */
export function onThemeChange(listener) {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', listener);
  new MutationObserver(listener).observe(document.documentElement, { attributeFilter: ['data-theme'] });
}

/** @param {string} theme */
function apply(theme) {
  document.documentElement.dataset.theme = themes.includes(theme) ? theme : 'auto';
}
