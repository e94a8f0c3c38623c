package history

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
	_ "modernc.org/sqlite" // registers the driver

	"github.com/connectty/connectty/history/redact"
)

// What is kept of bodies.
const (
	BodiesFull     = "full"     // as they came, named secrets masked
	BodiesRedacted = "redacted" // personal data masked as well
	BodiesNone     = "none"
)

// DefaultMaxBody is how many bytes are kept of each body.
const DefaultMaxBody = 4 << 20

// Options configure a [Store].
type Options struct {
	// Path of the SQLite file; its folder is made 0700, the file 0600.
	Path string
	// MaxBody cuts stored bodies; default [DefaultMaxBody].
	MaxBody int64
	// Bodies and ProductionBodies say what is kept of bodies: "full",
	// "redacted" or "none". Defaults: full, redacted. Where it is not "full",
	// personal data in findings and notes is masked as well: they may quote a body.
	Bodies, ProductionBodies string
	// Redact are a person's rules of what is secret.
	Redact redact.Rules
	// Secrets are values that must never reach the disk wherever they stand:
	// our own client secret and access tokens. Called at each save.
	Secrets func() []string
}

// What Load and Delete may tell.
var (
	// ErrNotFound tells that no exchange has the id.
	ErrNotFound = errors.New("no such exchange")
	// ErrAmbiguous tells that a shortened id stands for several.
	ErrAmbiguous = errors.New("several exchanges begin like this; give more of the id")
)

// Store is the history on disk. It is safe for concurrent use, and several
// processes may share one file.
type Store struct {
	opts   Options
	db     *sql.DB
	writer *writer
	pack   *zstd.Encoder
	open   *zstd.Decoder

	aside string // where a file lies that was no history any more; empty for none
}

// SetAside returns where the file lies that stood in the place of the history and could not
// be read; empty where it could. Nothing of it is deleted.
func (s *Store) SetAside() string { return s.aside }

// LeftAside returns the files that lie beside the history since they could not be read, as
// far as they can be found.
func (s *Store) LeftAside() []string {
	files, err := filepath.Glob(s.opts.Path + asideMark + "*")
	if err != nil {
		return nil // of a path that is no pattern
	}
	return slices.DeleteFunc(files, func(f string) bool { return strings.HasSuffix(f, "-wal") || strings.HasSuffix(f, "-shm") })
}

// asideMark stands in the name of a file that was set aside.
const asideMark = ".corrupt-"

// setAside renames a file, with what belongs to it, and makes room for a new one.
func setAside(path string) (string, error) {
	aside := path + asideMark + time.Now().UTC().Format("20060102T150405.000000")
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(path+end, aside+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("set aside what cannot be read: %w", err)
		}
	}
	return aside, prepare(path)
}

// Open opens or makes the file and brings its schema forward.
func Open(ctx context.Context, opts Options) (*Store, error) {
	opts.MaxBody = cmp.Or(opts.MaxBody, DefaultMaxBody)
	opts.Bodies = cmp.Or(opts.Bodies, BodiesFull)
	opts.ProductionBodies = cmp.Or(opts.ProductionBodies, BodiesRedacted)
	if err := prepare(opts.Path); err != nil {
		return nil, fmt.Errorf("history %s: %w", opts.Path, err)
	}
	db, err := connect(ctx, opts.Path)
	aside := ""
	if isCorrupt(err) {
		if aside, err = setAside(opts.Path); err == nil {
			db, err = connect(ctx, opts.Path)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("history %s: %w", opts.Path, err)
	}
	s := &Store{opts: opts, db: db, writer: newWriter(), aside: aside}
	s.pack, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true))
	if err == nil {
		s.open, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<30))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("history: %w", err), db.Close())
	}
	return s, nil
}

// prepare makes folder and file, so that nobody else can read them.
func prepare(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().Perm()&0o077 != 0 { // one that was copied here
		err = os.Chmod(path, 0o600)
	}
	return errors.Join(err, f.Close())
}

func connect(ctx context.Context, path string) (*sql.DB, error) {
	pragmas := url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busy.Milliseconds()), "journal_mode(WAL)", "synchronous(NORMAL)",
		"foreign_keys(1)", "cache_size(-4000)",
	}, "_txlock": {"immediate"}}
	file := url.URL{Path: filepath.ToSlash(path)}
	db, err := sql.Open("sqlite", "file:"+file.EscapedPath()+"?"+pragmas.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(4) // one writes, others may read
	db.SetMaxIdleConns(2)
	if err := patiently(ctx, func() error { return migrate(ctx, db) }); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Close releases the file.
func (s *Store) Close() error {
	err := s.writer.close() // what is under way packs and unpacks
	s.open.Close()
	return errors.Join(err, s.pack.Close(), s.db.Close())
}

// MaxBody returns how many bytes of each body are kept.
func (s *Store) MaxBody() int64 { return s.opts.MaxBody }
