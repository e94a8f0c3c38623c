package proxy

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

const (
	acceptEncoding = "gzip, br, zstd, deflate"
	// maxUnpacked ends a body that unpacks to more than anybody would read: a
	// few bytes on the wire can stand for terabytes.
	maxUnpacked = 2 << 30
	// maxWindow bounds the memory that a zstd stream may ask for.
	maxWindow = 64 << 20
)

var errBomb = errors.New("the answer unpacks to more than 2 GiB")

// unpack undoes a content coding that is known. A coding that is not leaves the
// bytes as they came, and says so.
func unpack(header http.Header, wire io.Reader) (stream io.Reader, note string) {
	coding := strings.ToLower(strings.TrimSpace(header.Get("Content-Encoding")))
	switch coding {
	case "", "identity":
		return wire, ""
	case "gzip", "x-gzip", "br", "deflate", "zstd":
		return &unpacker{coding: coding, wire: bufio.NewReader(wire), left: maxUnpacked}, "the body came packed (" + coding + ") and is shown unpacked"
	}
	return wire, "the body is packed in a way that connectty does not undo: " + oneLine(coding)
}

// unpacker opens the packed stream at the first read, as an empty body has none.
type unpacker struct {
	coding string
	wire   *bufio.Reader
	plain  io.Reader
	left   int64
}

func (u *unpacker) Read(p []byte) (int, error) {
	if u.plain == nil {
		if _, err := u.wire.Peek(1); err != nil {
			return 0, err
		}
		if err := u.open(); err != nil {
			return 0, err
		}
	}
	n, err := u.plain.Read(p)
	if u.left -= int64(n); u.left < 0 {
		return 0, errBomb
	}
	return n, err
}

func (u *unpacker) open() (err error) {
	switch u.coding {
	case "br":
		u.plain = brotli.NewReader(u.wire)
	case "zstd":
		u.plain, err = zstd.NewReader(u.wire, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	case "deflate":
		u.plain, err = inflate(u.wire)
	default:
		u.plain, err = gzip.NewReader(u.wire)
	}
	return err
}

// inflate reads deflate as RFC 9110 has it, in a zlib frame, or bare, as some
// servers send it.
func inflate(wire *bufio.Reader) (io.Reader, error) {
	head, err := wire.Peek(2)
	if err == nil && head[0]&0x0f == 8 && (uint16(head[0])<<8|uint16(head[1]))%31 == 0 {
		return zlib.NewReader(wire)
	}
	return flate.NewReader(wire), nil
}
