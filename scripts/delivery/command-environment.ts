/**
 * Variables without which programs do not run as people know them. None of them is a credential: what a command logs in
 * with is named in its declaration (`pass`), proxies too, whose addresses may hold a password.
 */
const ALLOWED: readonly string[] = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TERM', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR'],
  ...['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR', 'XDG_STATE_HOME'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
  // Windows.
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'OS', 'TEMP', 'TMP', 'USERNAME'],
  ...['USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'PROGRAMFILES'],
  ...['PROGRAMFILES(X86)', 'PROGRAMW6432', 'COMMONPROGRAMFILES', 'NUMBER_OF_PROCESSORS'],
]

/** Locale categories of POSIX. */
const LOCALE = /^LC_[A-Z]+$/

/**
 * The environment of a delivery command: what programs need anyway, and what its declaration passes on, as far as it is
 * set. Everything else stays here, the deployer's credentials above all.
 */
export function commandEnvironment(env: NodeJS.ProcessEnv, pass: readonly string[]): NodeJS.ProcessEnv {
  // Windows spells `Path`, and does not tell upper from lower case.
  const spelt = (name: string) => (process.platform === 'win32' ? name.toUpperCase() : name)
  const allowed = new Set([...ALLOWED, ...pass].map(spelt))
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => allowed.has(spelt(name)) || LOCALE.test(name)),
  )
}
