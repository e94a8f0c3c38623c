package remember

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/atomicfile"
	"github.com/connectty/connectty/proxy"
)

// Draft is a request that was composed and not sent, or not yet.
type Draft struct {
	SavedAt     time.Time         `json:"saved_at"`
	Environment proxy.Environment `json:"environment,omitempty"`
	User        string            `json:"external_user_id,omitempty"`
	Account     string            `json:"account_id,omitempty"`

	Method  string `json:"method"`
	URL     string `json:"url"`
	Params  []Row  `json:"params,omitempty"` // those that are switched off: the others stand in URL
	Headers []Row  `json:"headers,omitempty"`
	Kind    string `json:"kind,omitempty"` // of the body, in a word
	Text    string `json:"text,omitempty"`
	Bytes   []byte `json:"bytes,omitempty"` // in place of Text where it is no text
	Form    []Row  `json:"form,omitempty"`
	Parts   []Row  `json:"parts,omitempty"`
	File    string `json:"file,omitempty"` // path of a file that is the body
	Cut     bool   `json:"cut,omitempty"`  // the body is what was kept of a longer one

	// Holes is how many values were left out as secrets; [redact.Mask] stands there.
	Holes int `json:"holes,omitempty"`
	// Omitted is the size of a body that was too long to keep, in bytes; 0 for none.
	Omitted int `json:"omitted,omitempty"`
}

// Row is a line of a table.
type Row struct {
	Name  string `json:"name"`
	Value string `json:"value,omitempty"`
	Off   bool   `json:"off,omitempty"`
	File  bool   `json:"file,omitempty"`
}

// longestText is how much of a body a draft keeps.
const longestText = 2 << 20

// SetText puts a body of any bytes into the draft.
func (d *Draft) SetText(b []byte) {
	d.Text, d.Bytes = "", nil
	if utf8.Valid(b) {
		d.Text = string(b)
	} else {
		d.Bytes = b
	}
}

// Body returns what SetText put in; nil for none.
func (d *Draft) Body() []byte {
	if d.Text != "" {
		return []byte(d.Text)
	}
	return d.Bytes
}

// Empty reports that nothing is composed.
func (d *Draft) Empty() bool {
	return d.URL == "" && len(d.Params)+len(d.Headers)+len(d.Text)+len(d.Bytes)+len(d.Form)+len(d.Parts)+len(d.File) == 0
}

// mask takes secrets out of all of it.
func (d *Draft) mask(m *redact.Masker) {
	hole := func(masked string, did bool) string {
		if did {
			d.Holes++
		}
		return masked
	}
	d.URL = hole(m.URL(d.URL))
	for _, rows := range []*[]Row{&d.Params, &d.Headers, &d.Form, &d.Parts} {
		masked := make([]Row, len(*rows))
		for i, r := range *rows {
			r.Value = hole(m.Header(r.Name, r.Value))
			masked[i] = r
		}
		*rows = masked
	}
	body := d.Body()
	if len(body) > longestText {
		d.Omitted, body = len(body), nil
	}
	masked, did := m.Body("", body)
	if did {
		d.Holes++
	}
	d.SetText(masked)
}

// mostDrafts is how many drafts are kept: one for each account of each project, the
// newest ones.
const mostDrafts = 50

// KeepDraft puts the draft for an account of a project in the place of the one before,
// without the secrets that m knows or that look like one. An empty one leaves none.
func (f *File) KeepDraft(key string, d Draft, m *redact.Masker) error {
	path := filepath.Join(f.drafts(), short(key)+"-"+short(d.Account)+".json")
	if d.Empty() {
		if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	d.Holes, d.Omitted = 0, 0
	d.mask(m)
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(f.drafts(), 0o700); err != nil {
		return err
	}
	return errors.Join(atomicfile.WriteBytes(path, append(data, '\n')), f.prune())
}

// prune removes the oldest drafts.
func (f *File) prune() error {
	all, err := f.read("")
	for i := mostDrafts; i < len(all); i++ {
		err = errors.Join(err, os.Remove(all[i].path))
	}
	return err
}

// Draft returns the draft for an account of a project; for an empty account the newest
// of the project. It returns false where there is none.
func (f *File) Draft(key, account string) (Draft, bool, error) {
	prefix := short(key) + "-"
	if account != "" {
		prefix += short(account)
	}
	all, err := f.read(prefix)
	if len(all) == 0 {
		return Draft{}, false, err
	}
	return all[0].draft, true, nil
}

// kept is a draft and where it lies.
type kept struct {
	path  string
	draft Draft
}

// read returns the drafts whose files begin with a prefix, the newest first. The error
// tells of those that cannot be read.
func (f *File) read(prefix string) ([]kept, error) {
	paths, err := filepath.Glob(filepath.Join(f.drafts(), prefix+"*.json"))
	var all []kept
	for _, path := range paths {
		k := kept{path: path}
		data, readErr := os.ReadFile(path)
		if readErr == nil {
			readErr = json.Unmarshal(data, &k.draft)
		}
		if errors.Is(readErr, fs.ErrNotExist) {
			continue // another program removed it
		}
		if readErr != nil {
			err = errors.Join(err, fmt.Errorf("the draft %s: %w", path, readErr))
			continue
		}
		all = append(all, k)
	}
	slices.SortStableFunc(all, func(a, b kept) int { return b.draft.SavedAt.Compare(a.draft.SavedAt) })
	return all, err
}

func (f *File) drafts() string { return filepath.Join(filepath.Dir(f.path), "drafts") }

// short is a name for a key that a file may have.
func short(key string) string {
	const bytes = 8
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:bytes])
}

// ForgetUser removes what is remembered of an external user, in every project.
func (f *File) ForgetUser(id string) error {
	err := f.Change(func(s *State) {
		for key := range s.Projects {
			s.In(key, func(p *Project) { p.forget(id) })
		}
	})
	all, readErr := f.read("")
	err = errors.Join(err, readErr)
	for _, k := range all {
		if k.draft.User == id || k.draft.names(id) {
			err = errors.Join(err, os.Remove(k.path))
		}
	}
	return err
}

// names reports that an id stands somewhere in the draft.
func (d *Draft) names(id string) bool {
	for _, r := range slices.Concat(d.Params, d.Headers, d.Form, d.Parts) {
		if strings.Contains(r.Value, id) {
			return true
		}
	}
	return strings.Contains(d.URL, id) || strings.Contains(string(d.Body()), id)
}
