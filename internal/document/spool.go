package document

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// inMemory is how many bytes a body may have before it moves to a file.
const inMemory = 4 << 20

// spool keeps bytes in memory, then in a file that has no name any more where
// the system allows that: it goes with the process, even with a killed one. The
// zero spool is empty.
type spool struct {
	mu     sync.RWMutex
	memory []byte
	file   *os.File
	named  bool // the file still has a name, to be removed by close
	size   int64
	closed bool
}

func (s *spool) write(p []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	if s.file == nil && s.size+int64(len(p)) > inMemory {
		if err := s.move(); err != nil {
			return err
		}
	}
	if s.file == nil {
		s.memory = append(s.memory, p...)
		s.size += int64(len(p))
		return nil
	}
	n, err := s.file.WriteAt(p, s.size)
	if err != nil {
		return fmt.Errorf("write %d bytes at %d: %w", len(p), s.size+int64(n), err)
	}
	s.size += int64(n)
	return nil
}

// move carries what is in memory over to a file.
func (s *spool) move() error {
	f, err := os.CreateTemp("", "connectty-body-*") // mode 0600
	if err != nil {
		return err
	}
	s.named = os.Remove(f.Name()) != nil // Windows keeps the name of an open file
	if _, err := f.WriteAt(s.memory, 0); err != nil {
		return errors.Join(err, discard(f, s.named))
	}
	s.file, s.memory = f, nil
	return nil
}

func discard(f *os.File, named bool) error {
	err := f.Close()
	if named {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// ReadAt reads like any io.ReaderAt.
func (s *spool) ReadAt(p []byte, off int64) (int, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	switch {
	case s.closed:
		return 0, ErrClosed
	case off >= s.size:
		return 0, io.EOF
	case s.file != nil:
		return s.file.ReadAt(p, off)
	}
	n := copy(p, s.memory[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (s *spool) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed, s.memory = true, nil
	if s.file == nil {
		return nil
	}
	return discard(s.file, s.named)
}
