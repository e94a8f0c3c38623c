package presets

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

//go:embed data/*.toml
var data embed.FS

const extension = ".toml"

// same is the slug of the same API's preset.
func same(slug string) string {
	switch slug {
	case "slack_v2":
		return "slack"
	case "gitlab_developer_app":
		return "gitlab"
	default:
		return slug
	}
}

// Catalogue is the built-in presets with the user's. It is safe for concurrent use.
type Catalogue struct {
	own map[string]Preset

	mu   sync.Mutex
	read map[string]Preset // the built-in ones that were asked for
}

// Open reads the user's presets, one file SLUG.toml an app. dir may be empty or
// absent. Such a preset takes the place of the built-in one whole. A mistake names
// file, line and the nearest valid key. No built-in one is read yet.
func Open(dir string) (*Catalogue, error) {
	c := &Catalogue{own: map[string]Preset{}, read: map[string]Preset{}}
	if dir == "" {
		return c, nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list presets: %w", err)
	}
	for _, e := range entries {
		slug, ok := strings.CutSuffix(e.Name(), extension)
		if !ok || slug == "" || e.IsDir() {
			continue
		}
		name := filepath.Join(dir, e.Name())
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read preset: %w", err)
		}
		if c.own[slug], err = parse(name, slug, text); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// For returns the preset of an app: the user's of that slug, else the built-in
// one. Slugs of the same API share one: slack_v2 is slack.
func (c *Catalogue) For(slug string) (Preset, bool) {
	for _, s := range []string{slug, same(slug)} {
		if p, ok := c.own[s]; ok {
			return p, true
		}
	}
	slug = same(slug)
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.read[slug]; ok {
		return p, true
	}
	file := "data/" + slug + extension // never joined: a slug with dots in it must lead nowhere
	text, err := data.ReadFile(file)
	if err != nil {
		return Preset{}, false
	}
	p, err := parse(file, slug, text)
	if err != nil {
		return Preset{}, false // a test reads them all
	}
	c.read[slug] = p
	return p, true
}

// Slugs returns the apps of the catalogue, sorted.
func (c *Catalogue) Slugs() []string {
	entries, err := data.ReadDir("data")
	if err != nil {
		entries = nil // it is embedded
	}
	slugs := make([]string, 0, len(entries)+len(c.own))
	for _, e := range entries {
		slugs = append(slugs, strings.TrimSuffix(e.Name(), extension))
	}
	for slug := range c.own {
		slugs = append(slugs, slug)
	}
	slices.Sort(slugs)
	return slices.Compact(slugs)
}
