package e2e

import (
	"bytes"
	"io"
	"os/exec"
	"testing"
)

// Where nobody reads what is printed any more, the exchange is kept all the same.
func TestSendIntoAClosedPipe(t *testing.T) {
	t.Parallel()
	env := beside(t, sandbox(t))
	send := exec.CommandContext(t.Context(), program(t), "send", "GET", "https://httpbin.org/drip?numbytes=200&duration=5", "-u", "abc-123", "-a", "httpbin")
	send.Env = env
	var told bytes.Buffer
	send.Stderr = &told
	out, err := send.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := send.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 3)); err != nil {
		t.Fatalf("%v\n%s", err, told.String())
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if err := send.Wait(); err == nil || bytes.Contains(told.Bytes(), []byte("broken pipe")) {
		t.Errorf("ended with %v\n%s", err, told.String())
	}
	show := exec.CommandContext(t.Context(), program(t), "history", "show", "last", "--json")
	show.Env = env
	kept, err := show.Output()
	if err != nil || !bytes.Contains(kept, []byte(`"status":200`)) || bytes.Contains(kept, []byte(`"numbytes":200`)) {
		t.Errorf("%v\n%s", err, kept)
	}
}
