package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"log"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// The bounds of a served connection. Bodies are bounded by max_request_body.
const (
	headerTime  = 10 * time.Second // to send a request's head
	bodyTime    = 30 * time.Second // to send the body of a call that is not proxied
	idleTime    = 2 * time.Minute  // between two requests
	headerBytes = 256 << 10
	connections = 4096            // at once; more wait to be accepted
	farewell    = 2 * time.Second // for running calls, at the end
)

// Serve answers on a listener until the context ends, then lets running calls
// finish for a moment and returns nil.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := s.httpServer()
	return s.until(ctx, server, func() error { return server.Serve(netutil.LimitListener(l, connections)) })
}

// ServeTLS is Serve under a certificate, such as [TLSMaterial] makes.
func (s *Server) ServeTLS(ctx context.Context, l net.Listener, cert tls.Certificate) error {
	server := s.httpServer()
	server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	return s.until(ctx, server, func() error { return server.ServeTLS(netutil.LimitListener(l, connections), "", "") })
}

func (s *Server) httpServer() *http.Server {
	return &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerBytes,
		ErrorLog: log.New(s.journal, "", 0),
	}
}

// until runs a server while the context lasts.
func (s *Server) until(ctx context.Context, server *http.Server, serve func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- serve() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	parting, cancel := context.WithTimeout(detached(ctx), farewell)
	defer cancel()
	err := server.Shutdown(parting)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if end := <-ended; !errors.Is(end, http.ErrServerClosed) { // that one was asked for
		err = errors.Join(err, end)
	}
	return err
}

// detached is a context for work that outlasts the call that began it.
func detached(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }
