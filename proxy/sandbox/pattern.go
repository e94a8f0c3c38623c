package sandbox

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/zalando/go-keyring"
)

// field matches {{x}} and {{custom_fields.x}}; placeholder any other braces.
var (
	field       = regexp.MustCompile(`\{\{\s*(?:custom_fields\.)?([A-Za-z0-9_]+)\s*\}\}`)
	placeholder = regexp.MustCompile(`\{\{.*?\}\}`)
)

var errTemplate = errors.New("the template holds braces that name no credential")

// pattern is a text with fields of an account in it, read once.
type pattern struct {
	parts  []string // text, field, text, field, …, text
	broken bool     // braces that name no field
}

func parsePattern(text string) pattern {
	var t pattern
	rest := text
	for {
		at := field.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		t.parts = append(t.parts, rest[:at[0]], rest[at[2]:at[3]])
		rest = rest[at[1]:]
	}
	t.parts = append(t.parts, rest)
	t.broken = placeholder.MatchString(field.ReplaceAllString(text, ""))
	return t
}

// fields returns the names in it, each once.
func (t pattern) fields() []string {
	var names []string
	for i := 1; i < len(t.parts); i += 2 {
		if !slices.Contains(names, t.parts[i]) {
			names = append(names, t.parts[i])
		}
	}
	return names
}

// fill puts values into the fields. complete tells that none was empty.
func (t pattern) fill(value func(name string) (string, error)) (text string, complete bool, err error) {
	if t.broken {
		return "", false, errTemplate
	}
	if len(t.parts) == 1 {
		return t.parts[0], true, nil
	}
	var b strings.Builder
	complete = true
	for i, part := range t.parts {
		if i%2 == 0 {
			b.WriteString(part)
			continue
		}
		v, err := value(part)
		if err != nil {
			return "", false, err
		}
		complete = complete && v != ""
		b.WriteString(v)
	}
	return b.String(), complete, nil
}

const (
	keyringService = "connectty"
	inEnv          = "env:"
	inKeyring      = "keyring:"
	inLiteral      = "value:" // what follows is the value, whatever it looks like
)

// opened are keyring entries that were read: a keyring takes milliseconds.
var opened sync.Map

// reveal reads a credential: a value, env:NAME, keyring:NAME or value:TEXT.
func reveal(ref string) (string, error) {
	if name, ok := strings.CutPrefix(ref, inEnv); ok {
		return os.Getenv(name), nil
	}
	name, ok := strings.CutPrefix(ref, inKeyring)
	if !ok {
		return strings.TrimPrefix(ref, inLiteral), nil
	}
	if v, ok := opened.Load(name); ok {
		return v.(string), nil
	}
	v, err := keyring.Get(keyringService, name)
	if err == nil {
		opened.Store(name, v)
	}
	return v, err
}

// credential returns an account's value of a name; empty where it has none.
func (a *Account) credential(name string) (string, error) { return reveal(a.Credentials[name]) }
