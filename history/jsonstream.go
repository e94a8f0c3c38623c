package history

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// streamPiece is how much of a body is held at once.
const streamPiece = 64 << 10

// WriteJSON writes an exchange as MarshalJSON does, on a line of its own, with the
// response's body read from a source: it is never held whole. body is called
// twice and must return the same bytes; it may be nil where there is none.
func WriteJSON(w io.Writer, x Exchange, body func() io.Reader) error {
	object := x.wire()
	if object.Response == nil || body == nil {
		return encodeLine(w, object)
	}
	text, err := isUTF8(body())
	if err != nil {
		return err
	}
	place := rand.Text() // where the body goes
	object.Response.Body, object.Response.BodyEncoding = place, asBase64
	if text {
		object.Response.BodyEncoding = asUTF8
	}
	var b bytes.Buffer
	if err := encodeLine(&b, object); err != nil {
		return err
	}
	head, tail, _ := bytes.Cut(b.Bytes(), []byte(place))
	out := bufio.NewWriterSize(w, streamPiece)
	_, err = out.Write(head)
	if err == nil && text {
		err = writeText(out, body())
	} else if err == nil {
		encoder := base64.NewEncoder(base64.StdEncoding, out)
		_, err = io.Copy(encoder, body())
		err = errors.Join(err, encoder.Close())
	}
	if err != nil {
		return err
	}
	if _, err := out.Write(tail); err != nil {
		return err
	}
	return out.Flush()
}

func encodeLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// runes reads a source in pieces that break no character; what is no UTF-8 comes
// as it is.
func runes(r io.Reader, piece func([]byte) error) error {
	buf := make([]byte, streamPiece)
	held := 0
	for {
		n, err := r.Read(buf[held:])
		held += n
		cut := held
		if err == nil {
			cut -= started(buf[:held])
		}
		if cut > 0 {
			if err := piece(buf[:cut]); err != nil {
				return err
			}
			held = copy(buf, buf[cut:held])
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// started is the length of a character that a text breaks off in.
func started(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if c := b[len(b)-n]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}

var errNoText = errors.New("no UTF-8")

func isUTF8(r io.Reader) (bool, error) {
	err := runes(r, func(piece []byte) error {
		if !utf8.Valid(piece) {
			return errNoText
		}
		return nil
	})
	if errors.Is(err, errNoText) {
		return false, nil
	}
	return true, err
}

// writeText writes the inside of a JSON string.
func writeText(w io.Writer, r io.Reader) error {
	var b bytes.Buffer
	return runes(r, func(piece []byte) error {
		b.Reset()
		if err := encodeLine(&b, string(piece)); err != nil {
			return err
		}
		inside := b.Bytes()
		_, err := w.Write(inside[1 : len(inside)-2]) // without quotes and line break
		return err
	})
}
