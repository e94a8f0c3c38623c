package atomicfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/connectty/connectty/internal/atomicfile"
)

func write(t *testing.T, path, text string) *atomicfile.File {
	t.Helper()
	f, err := atomicfile.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, text); err != nil {
		t.Fatal(err)
	}
	return f
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v; want %q", filepath.Base(path), got, err, want)
	}
}

func TestWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	write(t, path, "first").Discard()
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was discarded is there: %v", err)
	}
	f := write(t, path, "second")
	if err := f.Commit(); err != nil {
		t.Fatal(err)
	}
	f.Discard() // of no effect any more
	holds(t, path, "second")
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%d files are left, want 1; %v", len(left), err)
	}
}

func TestFolderIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := atomicfile.Create(t.TempDir()); !errors.Is(err, atomicfile.ErrFolder) {
		t.Errorf("got %v", err)
	}
	if _, err := atomicfile.Create(filepath.Join(t.TempDir(), "no", "such", "folder")); err == nil {
		t.Error("a file in no folder was begun")
	}
}

// A link stays a link, and a device stays a device.
func TestLinksAndDevicesStay(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("skipped: links and devices differ there")
	}
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(target, []byte("old"), 0o600), os.Symlink(target, link)); err != nil {
		t.Fatal(err)
	}
	if err := write(t, link, "new").Commit(); err != nil {
		t.Fatal(err)
	}
	holds(t, target, "new")
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	read, wrote, err := os.Pipe() // a pipe of our own stands for a device
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = read.Close() }()
	fifo := filepath.Join("/dev/fd", strconv.Itoa(int(wrote.Fd())))
	if _, err := os.Stat(fifo); err != nil {
		t.Skip("skipped: this machine has no /dev/fd")
	}
	if err := write(t, fifo, "through").Commit(); err != nil {
		t.Fatal(err)
	}
	_ = wrote.Close()
	if got, err := io.ReadAll(read); err != nil || string(got) != "through" {
		t.Errorf("the pipe brought %q, %v", got, err)
	}
}
