package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/connectty/connectty/proxy/sandbox"
)

// sandboxFlags is what `connectty sandbox` is told.
type sandboxFlags struct {
	addr, tlsAddr, tlsDir string
	config, envFile       string
	state                 string
	allowRemote           bool
}

func (a *app) sandbox() *cobra.Command {
	var f sandboxFlags
	cmd := &cobra.Command{
		Use: "sandbox", Short: "Serve the Connect API on this machine",
		Long: `Serves the Connect API on loopback: wire-compatible, forwarding for real, with the accounts of a
file or, without one, with demo apps. It prints the variables that point the SDKs and connectty at it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.addr, "addr", "127.0.0.1:8787", "address to listen on")
	fl.StringVar(&f.tlsAddr, "tls-addr", "", "address to listen on with TLS")
	fl.StringVar(&f.tlsDir, "tls-dir", "", "folder of the TLS files; made where they are missing")
	fl.StringVar(&f.config, "config", "", "sandbox file (TOML)")
	fl.StringVar(&f.envFile, "env-file", "", "write the export lines there, too (mode 0600)")
	fl.StringVar(&f.state, "state", "", "keep there what is connected, renewed or deleted (mode 0600)")
	fl.BoolVar(&f.allowRemote, "allow-remote", false, "listen on an address that other machines reach")
	return cmd
}

// serve listens until the context ends.
func (a *app) serve(ctx context.Context, f sandboxFlags) (err error) {
	server, err := a.sandboxServer(f)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	var lc net.ListenConfig
	plain, err := lc.Listen(ctx, "tcp", f.addr)
	if err != nil {
		return usage(fmt.Errorf("%w; --addr chooses another address", err))
	}
	group, serving := errgroup.WithContext(ctx)
	serves := []func() error{func() error { return server.Serve(serving, plain) }}
	base := "http://" + plain.Addr().String()
	a.tell("listening on " + base)
	if f.tlsAddr != "" {
		secure, cert, err := a.listenTLS(ctx, f)
		if err != nil {
			return usage(errors.Join(err, plain.Close()))
		}
		serves = append(serves, func() error { return server.ServeTLS(serving, secure, cert) })
	}
	if err := a.tellEnvironment(server.Environ(base), f.envFile); err != nil {
		return usage(err)
	}
	for _, serve := range serves {
		group.Go(serve)
	}
	return group.Wait()
}

func (a *app) sandboxServer(f sandboxFlags) (*sandbox.Server, error) {
	for _, addr := range []string{f.addr, f.tlsAddr} {
		if addr == "" {
			continue
		}
		if err := a.checkAddress(addr, f.allowRemote); err != nil {
			return nil, err
		}
	}
	if f.tlsAddr != "" && f.tlsDir == "" {
		return nil, errors.New("--tls-addr needs --tls-dir, a folder for the certificate that clients are to trust")
	}
	cfg, err := sandbox.Demo()
	if f.config != "" {
		cfg, err = sandbox.ReadConfig(f.config)
	}
	if err != nil {
		return nil, err
	}
	cfg.StateFile = f.state
	cfg.Log = a.err
	cfg.Version = strings.ReplaceAll(Version(), " ", "-")
	return sandbox.New(cfg)
}

// checkAddress refuses an address that other machines reach, unless asked for.
func (a *app) checkAddress(addr string, remote bool) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("address %q: write it as 127.0.0.1:8787", addr)
	}
	ip := net.ParseIP(host)
	if host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	if !remote {
		return fmt.Errorf("address %s is reached by other machines, which could then use every credential of the sandbox; --allow-remote accepts that", addr)
	}
	a.tell("warning:", addr, "is reached by other machines: whoever has the client secret can use every credential of the sandbox")
	return nil
}

func (a *app) listenTLS(ctx context.Context, f sandboxFlags) (net.Listener, tls.Certificate, error) {
	host, _, err := net.SplitHostPort(f.tlsAddr)
	if err != nil {
		return nil, tls.Certificate{}, err
	}
	cert, err := sandbox.TLSMaterial(f.tlsDir, []string{"localhost", "127.0.0.1", "::1", host})
	if err != nil {
		return nil, cert, err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", f.tlsAddr)
	if err != nil {
		return nil, cert, fmt.Errorf("%w; --tls-addr chooses another address", err)
	}
	a.tell("listening on https://" + l.Addr().String())
	a.tell("  clients trust it with NODE_EXTRA_CA_CERTS=" + filepath.Join(f.tlsDir, "ca.pem"))
	return l, cert, nil
}

// tellEnvironment prints the export lines, and writes them to a file that only
// its owner can read.
func (a *app) tellEnvironment(lines []string, path string) error {
	text := strings.Join(lines, "\n") + "\n"
	if path != "" {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
		if err := os.Chmod(path, 0o600); err != nil { // it may have been there
			return err
		}
	}
	_, err := io.WriteString(a.out, text)
	return err
}
