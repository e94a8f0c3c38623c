package config

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/connectty/connectty/internal/nearest"
	"github.com/connectty/connectty/proxy"
)

// Inputs are what a command line and its surroundings say.
type Inputs struct {
	Env         func(string) string // os.Getenv
	Profile     string              // --profile
	Environment string              // --env
	BaseURL     string              // --base-url
	Home        string              // folder for the XDG defaults; empty: the user's
}

func (in Inputs) getenv(name string) string {
	if in.Env == nil {
		return os.Getenv(name)
	}
	return in.Env(name)
}

// ConfigPath is where config.toml lies: CONNECTTY_CONFIG, else the XDG config
// folder.
func (in Inputs) ConfigPath() string {
	if path := in.getenv("CONNECTTY_CONFIG"); path != "" {
		return path
	}
	return filepath.Join(in.ConfigDir(), "config.toml")
}

// ConfigDir is connectty's folder for settings and themes.
func (in Inputs) ConfigDir() string {
	return filepath.Join(in.folder("XDG_CONFIG_HOME", "APPDATA", "Library/Application Support", ".config"), "connectty")
}

// DataDir is where history.db lies: CONNECTTY_DATA_DIR, else the XDG data folder.
func (in Inputs) DataDir() string {
	if dir := in.getenv("CONNECTTY_DATA_DIR"); dir != "" {
		return dir
	}
	return filepath.Join(in.folder("XDG_DATA_HOME", "LOCALAPPDATA", "Library/Application Support", ".local/share"), "connectty")
}

// folder is the base folder of a kind: the XDG variable where it is set, else
// what the system has for it.
func (in Inputs) folder(xdg, windows, mac, unix string) string {
	if dir := in.getenv(xdg); filepath.IsAbs(dir) {
		return dir
	}
	home := in.Home
	if home == "" {
		home = cmp.Or(in.getenv("HOME"), in.getenv("USERPROFILE"))
	}
	if home == "" {
		home, _ = os.UserHomeDir() // without one, files land in the working folder
	}
	switch runtime.GOOS {
	case "windows":
		if dir := in.getenv(windows); dir != "" {
			return dir
		}
	case "darwin":
		return filepath.Join(home, filepath.FromSlash(mac))
	}
	return filepath.Join(home, filepath.FromSlash(unix))
}

// The variables that the official SDKs read, too.
const (
	envClientID     = "PIPEDREAM_CLIENT_ID"
	envClientSecret = "PIPEDREAM_CLIENT_SECRET"
	envAccessToken  = "PIPEDREAM_ACCESS_TOKEN"
	envProjectID    = "PIPEDREAM_PROJECT_ID"
	envEnvironment  = "PIPEDREAM_PROJECT_ENVIRONMENT"
	envBaseURL      = "PIPEDREAM_BASE_URL"
)

// Resolve chooses the profile and lays variables and flags over it. ErrNoProject
// tells that nothing is configured at all; a [*MissingError] names what an
// incomplete set lacks.
func (s *Settings) Resolve(in Inputs) (Profile, error) {
	p, err := s.choose(in)
	if err != nil {
		return Profile{}, err
	}
	if err := p.overlay(in); err != nil {
		return Profile{}, err
	}
	return p, p.complete()
}

// choose returns the profile that is named, by flag, variable or file. A complete
// set of variables needs none.
func (s *Settings) choose(in Inputs) (Profile, error) {
	name := cmp.Or(in.Profile, in.getenv("CONNECTTY_PROFILE"))
	if name == "" && !anySet(in, envClientID, envClientSecret, envAccessToken, envProjectID) {
		name = s.Profile
	}
	if name != "" {
		p, ok := s.Profiles[name]
		if !ok {
			return Profile{}, s.unknownProfile(name)
		}
		return p, nil
	}
	if !anySet(in, envClientID, envClientSecret, envAccessToken, envProjectID, envEnvironment, envBaseURL) {
		return Profile{}, ErrNoProject
	}
	return Profile{
		Environment: proxy.Development, BaseURL: proxy.DefaultBaseURL, RateLimit: DefaultRateLimit, RateLimitAssumed: true,
		RateWindow: DefaultRateWindow, BudgetShare: DefaultBudgetShare,
	}, nil
}

func anySet(in Inputs, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return in.getenv(name) != "" })
}

func (s *Settings) unknownProfile(name string) error {
	names := slices.Sorted(maps.Keys(s.Profiles))
	if len(names) == 0 {
		return fmt.Errorf("there is no profile %q: config.toml has none", name)
	}
	return fmt.Errorf("there is no profile %q%s; there are %s", name, nearest.Hint(name, names), strings.Join(names, ", "))
}

// overlay lays variables, then flags, over the profile.
//
// A profile that --profile names is a flag's: what it says beats the variables,
// which then fill in what it leaves out. Nobody who names a project reaches
// another one because of a variable that is still set.
func (p *Profile) overlay(in Inputs) error {
	getenv := in.getenv
	if in.Profile != "" {
		getenv = p.unsaid(in)
	}
	p.ProjectID = cmp.Or(getenv(envProjectID), p.ProjectID)
	p.ClientID = cmp.Or(getenv(envClientID), p.ClientID)
	p.BaseURL = cmp.Or(in.BaseURL, getenv(envBaseURL), p.BaseURL)
	if v := getenv(envClientSecret); v != "" {
		p.ClientSecret, p.AccessToken = Secret{literal + v}, Secret{}
	}
	if v := getenv(envAccessToken); v != "" {
		p.AccessToken = Secret{literal + v}
	}
	for from, word := range map[string]string{"--env": in.Environment, envEnvironment: getenv(envEnvironment)} {
		if word == "" || from == envEnvironment && in.Environment != "" {
			continue
		}
		env, err := proxy.ParseEnvironment(word)
		if err != nil {
			return fmt.Errorf("%s: %w", from, err)
		}
		p.Environment = env
	}
	return nil
}

// unsaid reads the variables for what the profile does not say.
func (p *Profile) unsaid(in Inputs) func(string) string {
	said := map[string]bool{
		envProjectID: p.ProjectID != "", envClientID: p.ClientID != "", envBaseURL: true, envEnvironment: true,
		envClientSecret: !p.ClientSecret.IsZero() || !p.AccessToken.IsZero(), envAccessToken: !p.ClientSecret.IsZero() || !p.AccessToken.IsZero(),
	}
	return func(name string) string {
		if said[name] {
			return ""
		}
		return in.getenv(name)
	}
}

// complete reports what is missing: by the variable's name where there is no
// profile to put it into.
func (p *Profile) complete() error {
	missing := func(variable, setting string) error {
		if p.Name == "" {
			return &MissingError{Setting: variable}
		}
		return &MissingError{Setting: fmt.Sprintf("%s of profile %q", setting, p.Name)}
	}
	switch {
	case p.ProjectID == "":
		return missing(envProjectID, "project_id")
	case !p.AccessToken.IsZero():
		return nil
	case p.ClientID == "":
		return missing(envClientID, "client_id")
	case p.ClientSecret.IsZero():
		return missing(envClientSecret, "client_secret")
	}
	return nil
}
