package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/connectty/connectty/internal/atomicfile"
)

// Files of a TLS folder. Clients trust the first: NODE_EXTRA_CA_CERTS=DIR/ca.pem.
const (
	caFile   = "ca.pem"
	certFile = "server.pem"
	keyFile  = "server-key.pem"
)

// certificateLife is short: the folder is made anew when it has passed.
const certificateLife = 30 * 24 * time.Hour

// TLSMaterial returns a certificate for the hosts, signed by an authority of its
// own. Both lie in dir, made there unless they are there and still good; the
// authority's key is thrown away.
func TLSMaterial(dir string, hosts []string) (tls.Certificate, error) {
	if cert, ok := stored(dir, hosts); ok {
		return cert, nil
	}
	cert, err := makeMaterial(dir, hosts)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("TLS folder %s: %w", dir, err)
	}
	return cert, nil
}

// stored loads what lies in dir, if it is good for a day more.
func stored(dir string, hosts []string) (tls.Certificate, bool) {
	cert, err := tls.LoadX509KeyPair(filepath.Join(dir, certFile), filepath.Join(dir, keyFile))
	if err != nil {
		return tls.Certificate{}, false
	}
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil || time.Now().Add(24*time.Hour).After(leaf.NotAfter) {
		return tls.Certificate{}, false
	}
	for _, host := range hosts {
		if leaf.VerifyHostname(host) != nil {
			return tls.Certificate{}, false
		}
	}
	ca, err := os.ReadFile(filepath.Join(dir, caFile))
	roots := x509.NewCertPool()
	if err != nil || !roots.AppendCertsFromPEM(ca) {
		return tls.Certificate{}, false
	}
	_, err = leaf.Verify(x509.VerifyOptions{Roots: roots}) // a crash may have left another one's
	return cert, err == nil
}

func makeMaterial(dir string, hosts []string) (tls.Certificate, error) {
	now := time.Now()
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "connectty sandbox"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(certificateLife), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		return tls.Certificate{}, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano() + 1), Subject: pkix.Name{CommonName: "connectty sandbox server"},
		NotBefore: ca.NotBefore, NotAfter: ca.NotAfter, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, host := range hosts {
		if ip := net.ParseIP(host); ip != nil {
			leaf.IPAddresses = append(leaf.IPAddresses, ip)
		} else {
			leaf.DNSNames = append(leaf.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, ca, key.Public(), caKey)
	if err != nil {
		return tls.Certificate{}, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return save(dir, caDER, der, keyDER)
}

func save(dir string, ca, cert, key []byte) (tls.Certificate, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return tls.Certificate{}, err
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})
	caPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca})
	for _, f := range []struct {
		name string
		data []byte
	}{{caFile, caPEM}, {certFile, certPEM}, {keyFile, keyPEM}} {
		if err := atomicfile.WriteBytes(filepath.Join(dir, f.name), f.data); err != nil {
			return tls.Certificate{}, err
		}
	}
	return tls.X509KeyPair(certPEM, keyPEM)
}
