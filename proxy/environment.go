package proxy

import "fmt"

// Environment is one of the two worlds of a Connect project. Users and
// accounts of one are invisible in the other.
type Environment string

// The environments of Connect (connect-api.md, section 1).
const (
	Development Environment = "development"
	Production  Environment = "production"
)

// ParseEnvironment reads the full name of an environment. The empty string is
// [Development]: production is never a default.
func ParseEnvironment(s string) (Environment, error) {
	switch env := Environment(s); env {
	case "":
		return Development, nil
	case Development, Production:
		return env, nil
	default:
		return "", fmt.Errorf("environment %q: want development or production", s)
	}
}
