export interface ConfigurationProblem {
  /** `config/unified-cm.yaml line 12`, `environment`, `command line`. */
  readonly place: string;
  /** `ports.https`, `FIRSTRING_PORT_HTTPS`. */
  readonly field: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}
