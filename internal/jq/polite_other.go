//go:build !linux

package jq

// politely does something as it is: there is no way to have one thread give way here.
func politely(do func() error) error { return do() }
