package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
)

type object = map[string]any

// Connect's words (connect-api.md, section 7).
const (
	wordsUnauthorized = "Unauthorized"
	wordsForbidden    = "Forbidden"
	wordsNotFound     = "record not found"
	wordsNoRoute      = "Not found"
	wordsEnvironment  = "x-pd-environment must be development or production"
	wordsURL          = "Invalid URL"
	wordsCursor       = "invalid cursor"
	wordsTooLarge     = "Request body too large"
	wordsFault        = "Unexpected error, please reach out to our team at https://pipedream.com/support"
)

// answer writes JSON as Connect does.
func answer(w http.ResponseWriter, status int, v any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		http.Error(w, `{"error":"`+wordsFault+`"}`, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(bytes.TrimRight(b.Bytes(), "\n")) // a caller that went needs no answer
}

// refuse writes an error in Connect's shape.
func refuse(w http.ResponseWriter, status int, words any) { answer(w, status, object{"error": words}) }

// list is an answer that holds nothing but its records.
type list[T any] struct {
	Data []T `json:"data"`
}

func listOf[T any](records []T) list[T] { return list[T]{records} }
