// Package sandbox is the Connect API as a small local server: wire-compatible,
// with its own users and accounts, and a proxy that really forwards with the
// account's credential inserted.
package sandbox

import (
	"context"
	"net"
	"net/http"
)

// Server is one sandbox project. Its handler may be served by any http.Server.
type Server struct{}

// New checks the configuration and returns a server. It opens no port of its own.
func New(cfg Config) (*Server, error) { panic("contract") }

// Handler returns the Connect API.
func (s *Server) Handler() http.Handler { panic("contract") }

// Serve answers on a listener until the context ends, then lets running calls
// finish for a moment and returns nil.
func (s *Server) Serve(ctx context.Context, l net.Listener) error { panic("contract") }

// Close ends the demo vendors and frees what the server holds.
func (s *Server) Close() error { panic("contract") }

// Credentials returns the OAuth client that the token endpoint accepts.
func (s *Server) Credentials() (clientID, clientSecret string) { panic("contract") }

// ProjectID returns the one project it serves.
func (s *Server) ProjectID() string { panic("contract") }

// Config is the sandbox file, read.
type Config struct{}

// Demo returns the configuration that is served when no file is given: a dozen
// apps, thirty users, and vendors on loopback behind the real host names.
func Demo() (Config, error) { panic("contract") }

// ReadConfig reads a sandbox file. Mistakes name file and line.
func ReadConfig(path string) (Config, error) { panic("contract") }
