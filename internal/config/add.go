package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/zalando/go-keyring"

	"github.com/connectty/connectty/internal/atomicfile"
	"github.com/connectty/connectty/proxy"
)

// NewProfile is a profile that is to be written.
type NewProfile struct {
	Name, ProjectID, ClientID string
	ClientSecret              string // where it is kept: keyring:NAME, env:NAME or command:LINE
	Environment               proxy.Environment
	BaseURL                   string // empty for the service itself
}

// nameOfProfile is what a profile may be called: a bare key of TOML.
var nameOfProfile = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_-]+$`) })

// CheckProfileName tells why a name cannot be a new profile's.
func (s *Settings) CheckProfileName(name string) error {
	if !nameOfProfile().MatchString(name) {
		return fmt.Errorf("%q is no name for a profile: letters, digits, - and _", name)
	}
	if _, taken := s.Profiles[name]; taken {
		return fmt.Errorf("there is a profile %q already; choose another name, or edit config.toml", name)
	}
	return nil
}

// KeepSecret puts a secret into the system's keyring, and returns how a profile names
// it.
func KeepSecret(name, value string) (place string, err error) {
	if err := keyring.Set(keyringService, name, value); err != nil {
		return "", err
	}
	return inKeyring + name, nil
}

// Add writes a profile behind what config.toml says, which stays as it is; the first
// one becomes the one that is used. What would not be sound is not written.
func Add(in Inputs, p NewProfile) error {
	path := in.ConfigPath()
	before, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	old, err := parse(path, before)
	if err != nil {
		return err
	}
	if err := old.CheckProfileName(p.Name); err != nil {
		return err
	}
	text := string(before)
	if old.Profile == "" && len(old.Profiles) == 0 {
		text = fmt.Sprintf("profile = %q\n", p.Name) + text // above all tables
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	text += "\n" + p.table()
	if _, err := parse(path, []byte(text)); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return atomicfile.WriteBytes(path, []byte(text))
}

// table is the profile as TOML.
func (p NewProfile) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "[profile.%s]\n", p.Name)
	for _, kv := range [][2]string{
		{"project_id", p.ProjectID}, {"environment", string(p.Environment)}, {"base_url", p.BaseURL}, {"client_id", p.ClientID}, {"client_secret", p.ClientSecret},
	} {
		if kv[1] != "" {
			b.WriteString(kv[0] + " = " + strconv.Quote(kv[1]) + "\n")
		}
	}
	return b.String()
}
