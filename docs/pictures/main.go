// Command pictures makes the pictures in docs from the real program: it builds
// connectty, works it in a pseudo-terminal, and draws the cells it sees there.
// docs/pictures.sh starts it with the repository's top folder as its argument.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

// run takes all pictures before it writes the first, so that those in docs are
// always of one program.
func run(ctx context.Context, args []string) (err error) {
	if len(args) != 1 {
		return errors.New("the repository's top folder is the one argument")
	}
	root := args[0]
	scratch, err := os.MkdirTemp("", "connectty-pictures-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()

	program := filepath.Join(scratch, "connectty")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, ".")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build connectty: %w\n%s", err, out)
	}
	paint, err := newPainter()
	if err != nil {
		return err
	}
	pictures := make([][]byte, len(scenes))
	for i, s := range scenes {
		home := filepath.Join(scratch, s.name)
		if err := os.Mkdir(home, 0o700); err != nil {
			return err
		}
		if pictures[i], err = take(ctx, program, home, s, paint); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	for i, s := range scenes {
		path := filepath.Join("docs", s.name+".png")
		if err := os.WriteFile(filepath.Join(root, path), pictures[i], 0o644); err != nil {
			return err
		}
		fmt.Printf("%s  %d kB\n", path, (len(pictures[i])+999)/1000)
	}
	return nil
}

// take plays one scene in a terminal of its own and returns the PNG of its end.
func take(ctx context.Context, program, home string, s scene, paint *painter) ([]byte, error) {
	t, err := open(ctx, program, home, s)
	if err != nil {
		return nil, err
	}
	defer t.close()
	for _, step := range s.story {
		if err := t.play(ctx, step); err != nil {
			return nil, err
		}
	}
	picture, err := paint.screen(t.cells(), s.look)
	if err != nil {
		return nil, err
	}
	return encode(picture)
}
