// Package atomicfile writes files that are there whole or not at all.
package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrFolder refuses a folder where a file is wanted.
var ErrFolder = errors.New("that is a folder; name a file in it")

// File takes its name when it is committed. Until then it stands beside it, under
// a name for the time being, readable by its owner only.
type File struct {
	*os.File

	path  string // the name it will have
	plain bool   // a device or a pipe: written in place, as nothing can replace it
	done  bool
}

// Create begins a file. A link is followed: the file it leads to is replaced, not
// the link. A device or a pipe is written as it stands.
func Create(path string) (*File, error) {
	if strings.HasPrefix(filepath.Clean(path), "/dev/") { // /dev/stdout may lead to any kind of file
		return inPlace(path)
	}
	path = followed(path)
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return nil, ErrFolder
	case err == nil && !info.Mode().IsRegular():
		return inPlace(path)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return nil, err
	}
	return &File{File: f, path: path}, nil
}

// followed is where a link leads in the end, even to a file that is not there yet.
func followed(path string) string {
	const most = 40 // links; what goes in a circle is told when it is opened
	for range most {
		to, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return path
}

func inPlace(path string) (*File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	return &File{File: f, plain: true}, nil
}

// Commit closes the file and gives it its name. What stood there before is
// replaced at once. If that fails nothing is left behind.
func (f *File) Commit() error {
	if f.done {
		return fs.ErrClosed
	}
	f.done = true
	err := f.Close()
	if f.plain {
		return err
	}
	if err == nil {
		err = os.Rename(f.Name(), f.path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // half a file is of no use
	}
	return err
}

// Discard closes the file and leaves nothing behind; after Commit it does
// nothing.
func (f *File) Discard() {
	if f.done {
		return
	}
	f.done = true
	_ = f.Close() // it was not to be kept
	if !f.plain {
		_ = os.Remove(f.Name())
	}
}

// Write makes a file of what write puts into it, as [Create] and Commit do: where write
// fails, nothing is left and what stood there stays.
func Write(path string, write func(f *File) error) error {
	f, err := Create(path)
	if err != nil {
		return err
	}
	defer f.Discard() // of no effect after a commit
	if err := write(f); err != nil {
		return err
	}
	return f.Commit()
}

// WriteBytes makes a file of bytes, as [Write] does.
func WriteBytes(path string, data []byte) error {
	return Write(path, func(f *File) error {
		_, err := f.Write(data)
		return err
	})
}
