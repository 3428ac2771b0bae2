/**
 * Settings that make Pulumi, its plugins or their libraries write logs, traces or dumps with secrets in them: to files
 * that anybody on the machine can read, to another host, or between what is shown.
 */
const LOG_SETTINGS =
  /^(PULUMI_OPTION_(DEBUG|VERBOSE|LOGTOSTDERR|LOGFLOW|TRACING|TRACING_HEADER|OTEL_TRACES|PROFILING|SHOW_SECRETS|EVENT_LOG|ATTACH_DEBUGGER)|PULUMI_(DEBUG_GRPC|TRACING|TRACING_HEADER|ENABLE_AUTOMATIC_LOGGING)|TF_LOG(_.+)?|GRPC_(TRACE|VERBOSITY)|NODE_DEBUG(_NATIVE)?)$/

/**
 * The environment of a child without settings that write logs.
 *
 * @param note told, in one line, which ones are left out
 */
export function withoutLogSettings(env: NodeJS.ProcessEnv, note: (line: string) => void): NodeJS.ProcessEnv {
  const names = Object.entries(env).flatMap(([name, value = '']) =>
    LOG_SETTINGS.test(name) || (name === 'GODEBUG' && /http2debug/.test(value)) ? name : [],
  )
  if (names.length === 0) return env
  note(`Not passed on, since logs of Pulumi and its plugins hold secrets: ${names.sort().join(', ')}.`)
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)))
}
