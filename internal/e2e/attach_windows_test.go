package e2e

import "os/exec"

// attach has nothing to do: a pseudo-console tells its program of a new size.
func attach(*exec.Cmd) {}
