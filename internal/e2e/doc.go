// Package e2e drives the built program the way people do: in a pseudo-terminal,
// and as a shell command. It holds nothing but tests.
package e2e
