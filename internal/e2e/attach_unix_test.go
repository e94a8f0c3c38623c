//go:build !windows

package e2e

import (
	"os/exec"
	"syscall"
)

// attach makes the terminal the program's own, so that it hears of a new size.
func attach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true} }
