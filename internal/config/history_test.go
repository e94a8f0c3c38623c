package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectty/connectty/internal/config"
)

func load(t *testing.T, text string) (*config.Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return config.Load(config.Inputs{Env: func(name string) string {
		if name == "CONNECTTY_CONFIG" {
			return path
		}
		return ""
	}})
}

// A person's rules of what is secret are read.
func TestRedact(t *testing.T) {
	t.Parallel()
	s, err := load(t, "[history]\nredact_names = [\"tax_no\"]\nredact_patterns = ['CUST-\\d+']\n")
	if err != nil {
		t.Fatal(err)
	}
	h := s.History
	if len(h.RedactNames) != 1 || h.RedactNames[0] != "tax_no" || len(h.RedactPatterns) != 1 || !h.RedactPatterns[0].MatchString("CUST-77") {
		t.Errorf("got %q, %v", h.RedactNames, h.RedactPatterns)
	}
}

// A rule that cannot be is named, with its line.
func TestRedactMistakes(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]string{
		`redact_patterns = ["a", "x(y"]`: `config.toml:2: "x(y" is no regular expression: missing closing )`,
		`redact_patterns = ["a*"]`:       `config.toml:2: "a*" matches nothing at all`,
		`redact_names = ["tax", " -"]`:   `config.toml:2: " -" is no name`,
		`redact_names = "tax"`:           `it is to be a list of texts`,
		`redact_name = ["tax"]`:          `did you mean "redact_names"?`,
	} {
		if _, err := load(t, "[history]\n"+rule+"\n"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", rule, err, want)
		}
	}
}
