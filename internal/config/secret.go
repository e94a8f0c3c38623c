package config

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/connectty/connectty/internal/command"
)

// Secret is a value or the place where it is kept: keyring:NAME, env:NAME or
// command:LINE. It prints as its place, never as its value.
type Secret struct{ ref string }

// NewSecret reads a value or a place.
func NewSecret(ref string) Secret { return Secret{ref} }

// Where secrets are kept.
const (
	inKeyring = "keyring:"
	inEnv     = "env:"
	inCommand = "command:"
	// literal marks a value that came from a variable: it is taken as it is.
	literal = "value:"
)

// keyringService is the name under which connectty's secrets stand.
const keyringService = "connectty"

// commandTime is how long a command may take: people unlock password managers.
const commandTime = 30 * time.Second

// commandOutput is how much of what a command prints is read.
const commandOutput = 1 << 20

// IsZero reports that there is no secret.
func (s Secret) IsZero() bool { return s.ref == "" }

// clear reports a value in clear text.
func (s Secret) clear() bool {
	if s.ref == "" {
		return false
	}
	for _, place := range []string{inKeyring, inEnv, inCommand} {
		if strings.HasPrefix(s.ref, place) {
			return false
		}
	}
	return true
}

// String names the place, never the value.
func (s Secret) String() string {
	switch {
	case s.ref == "":
		return "none"
	case strings.HasPrefix(s.ref, literal):
		return "the environment (PIPEDREAM_CLIENT_SECRET or PIPEDREAM_ACCESS_TOKEN)"
	case s.clear():
		return "a value"
	}
	return s.ref
}

// GoString is String, so that %#v does not print the value either.
func (s Secret) GoString() string { return s.String() }

// Reveal fetches the value. A command gets 30 seconds.
func (s Secret) Reveal(ctx context.Context) (string, error) {
	value, err := s.fetch(ctx)
	if err != nil {
		return "", fmt.Errorf("secret from %s: %w", s, err)
	}
	if value == "" && !s.IsZero() {
		return "", fmt.Errorf("secret from %s: it is empty", s)
	}
	return value, nil
}

// atHand returns a value that nobody need be asked for: one in clear text, or in a variable.
func (s Secret) atHand(getenv func(string) string) string {
	if name, ok := strings.CutPrefix(s.ref, inEnv); ok {
		return getenv(name)
	}
	if s.clear() {
		return strings.TrimPrefix(s.ref, literal)
	}
	return ""
}

// SecretsAtHand returns the secrets of variables and of all profiles, as far as they can be
// known without a keyring, a command or a person.
func (s *Settings) SecretsAtHand(in Inputs) []string {
	all := []string{in.getenv(envClientSecret), in.getenv(envAccessToken)}
	for _, p := range s.Profiles {
		all = append(all, p.ClientSecret.atHand(in.getenv), p.AccessToken.atHand(in.getenv))
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(v string) bool { return v == "" })
}

func (s Secret) fetch(ctx context.Context) (string, error) {
	if v, ok := strings.CutPrefix(s.ref, literal); ok {
		return v, nil
	}
	if name, ok := strings.CutPrefix(s.ref, inEnv); ok {
		value, set := os.LookupEnv(name)
		if !set {
			return "", errors.New("the variable is not set")
		}
		return value, nil
	}
	if name, ok := strings.CutPrefix(s.ref, inKeyring); ok {
		return keyring.Get(keyringService, name)
	}
	if line, ok := strings.CutPrefix(s.ref, inCommand); ok {
		return output(ctx, line)
	}
	return s.ref, nil
}

// output runs a command line in the shell and returns what it prints, without
// the last line break.
func output(ctx context.Context, line string) (string, error) {
	words := []string{"sh", "-c", line}
	if runtime.GOOS == "windows" {
		words = []string{"cmd", "/c", line}
	}
	// A password manager may need what is in the environment, our settings included.
	out, err := command.Call{Words: words, Env: os.Environ(), Limit: commandTime, Most: commandOutput}.Output(ctx)
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(out), "\n"), "\r"), nil
}
