package sweep

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/connectty/connectty/internal/config"
)

// state is what a sweep leaves on disk, line by line, so that one that was ended
// goes on where it stood. When it is done it becomes the last sweep, which the
// next one is compared with.
type state struct {
	path  string // of the sweep under way; empty: nothing is kept
	file  *os.File
	known map[string]Row  // answers of an earlier try
	last  map[string]bool // of the last whole sweep: id → it failed; nil without one
}

// goesOn is how long a sweep that was ended can go on: later, its answers say
// nothing of now.
const goesOn = 6 * time.Hour

// head is the first line of the file.
type head struct {
	Version int       `json:"sweep"`
	Started time.Time `json:"started_at"`
	All     bool      `json:"all"`
	Sample  int       `json:"sample,omitempty"`
}

const stateVersion = 1

func openState(opts Options, p config.Profile) (*state, error) {
	st := &state{known: map[string]Row{}}
	if opts.StateDir == "" {
		return st, nil
	}
	if err := os.MkdirAll(opts.StateDir, 0o700); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%s\n%s", p.BaseURL, p.ProjectID, opts.Environment, opts.App, opts.User))
	st.path = filepath.Join(opts.StateDir, hex.EncodeToString(sum[:8])+".jsonl")
	st.last = failures(st.lastPath())
	want := head{Version: stateVersion, All: opts.All, Sample: opts.Sample}
	if opts.All {
		want.Sample = 0
	}
	if old, rows, ok := readState(st.path); ok && old.All == want.All && old.Sample == want.Sample && time.Since(old.Started) < goesOn {
		for _, r := range rows {
			st.known[r.ID] = r
		}
		file, err := os.OpenFile(st.path, os.O_APPEND|os.O_WRONLY, 0o600)
		st.file = file
		return st, err
	}
	file, err := os.OpenFile(st.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	st.file = file
	want.Started = time.Now().UTC()
	return st, st.write(want)
}

func (st *state) lastPath() string { return st.path[:len(st.path)-len(".jsonl")] + ".last.jsonl" }

func (st *state) write(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = st.file.Write(append(line, '\n'))
	return err
}

// add keeps an answer.
func (st *state) add(r Row) error {
	if st.file == nil {
		return nil
	}
	return st.write(r)
}

// close ends the file; one of a whole sweep becomes the last.
func (st *state) close(whole bool) error {
	if st.file == nil {
		return nil
	}
	err := st.file.Close()
	if err == nil && whole {
		err = os.Rename(st.path, st.lastPath())
	}
	return err
}

// readState reads a file as far as it is whole: a crash may have cut its last
// line.
func readState(path string) (h head, rows []Row, ok bool) {
	data, err := os.ReadFile(path)
	if err != nil {
		return h, nil, false
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &h) != nil || h.Version != stateVersion {
		return h, nil, false
	}
	for lines.Scan() {
		var r Row
		if json.Unmarshal(lines.Bytes(), &r) == nil && r.ID != "" {
			rows = append(rows, r)
		}
	}
	return h, rows, true
}

func failures(path string) map[string]bool {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	_, rows, ok := readState(path)
	if !ok {
		return nil
	}
	out := map[string]bool{}
	for _, r := range rows {
		out[r.ID] = r.Failed()
	}
	return out
}
