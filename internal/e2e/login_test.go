package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// login asks until Connect accepts what it is told, writes a profile that works, and
// no secret.
func TestLogin(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	box := sandbox(t)
	env := surroundings(home, "CONNECTTY_CONFIG="+filepath.Join(home, "config.toml"))
	if err := os.WriteFile(filepath.Join(home, "config.toml"), []byte("# mine\ntheme = \"auto\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, 100, 30, env, "login", "--base-url", box.http)
	s.shows("Name of the profile [default]:")
	s.keys("acme", "enter")
	s.shows("Project id:")
	s.keys("acme", "enter")
	s.shows("begins with proj_")
	s.keys(box.env["PIPEDREAM_PROJECT_ID"], "enter")
	s.shows("Environment [development]:")
	s.keys("enter")
	s.shows("Client id:")
	s.keys(box.env["PIPEDREAM_CLIENT_ID"], "enter")
	s.shows("Client secret (not shown):")
	s.keys("wrong", "enter")
	s.shows("401", "Client id [sandbox-client]:")
	s.keys("enter")
	s.until(func(text string) string {
		if strings.Count(text, "Client secret") < 2 {
			return "it does not ask again"
		}
		return ""
	})
	secret := box.env["PIPEDREAM_CLIENT_SECRET"]
	s.keys(secret, "enter")
	s.shows("Connect accepts it: proj_sandbox", "connectty -p acme")
	if code := s.ends(); code != 0 {
		t.Errorf("it ends with %d", code)
	}
	if strings.Contains(s.raw.String(), secret) {
		t.Error("the secret was shown")
	}
	data, err := os.ReadFile(filepath.Join(home, "config.toml"))
	if err != nil || strings.Contains(string(data), secret) || !strings.Contains(string(data), "# mine\ntheme = \"auto\"\n") ||
		!strings.Contains(string(data), "[profile.acme]\nproject_id = \"proj_sandbox\"") {
		t.Errorf("config.toml, %v:\n%s", err, data)
	}
	if !strings.Contains(string(data), "env:CONNECTTY_ACME_SECRET") {
		return // a keyring has it, and this test does not ask that
	}
	s = open(t, 100, 30, slices.Concat(env, []string{"CONNECTTY_ACME_SECRET=" + secret}), "users", "--count")
	s.shows("proj_sandbox", "2")
	if code := s.ends(); code != 0 {
		t.Errorf("with the profile it ends with %d", code)
	}
}

// keys prints what the terminal sends; config edit opens the file, and says what is wrong
// in it.
func TestKeysAndConfigEdit(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	s := open(t, 100, 30, surroundings(home), "keys")
	s.shows("ctrl+c twice ends")
	s.keys("ctrl+r")
	s.shows("ctrl+r", `"\x12"`, "Send the request")
	s.keys("f5", "j")
	s.shows(`"\x1b[15~"`, "Users: Down one line")
	s.keys("ctrl+c", "ctrl+c")
	if code := s.ends(); code != 0 {
		t.Errorf("keys ends with %d", code)
	}

	config := filepath.Join(home, "config.toml")
	env := surroundings(home, "CONNECTTY_CONFIG="+config, "EDITOR=sh -c 'printf \"theem = 1\\n\" >> \"$0\"'")
	s = open(t, 100, 30, env, "config", "edit")
	s.shows("config.toml:2", "theem", `"theme"`)
	if code := s.ends(); code != 2 {
		t.Errorf("config edit ends with %d", code)
	}
	if info, err := os.Stat(config); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
