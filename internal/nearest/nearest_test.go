package nearest_test

import (
	"testing"

	"github.com/connectty/connectty/internal/nearest"
)

func TestName(t *testing.T) {
	t.Parallel()
	valid := []string{"client_id", "client_secret", "environment"}
	for word, want := range map[string]string{
		"client_secert": "client_secret", "Environment": "environment", "clientid": "client_id", "zebra": "", "": "",
	} {
		if got := nearest.Name(word, valid); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
	if got, want := nearest.Hint("enviroment", valid), `; did you mean "environment"?`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
