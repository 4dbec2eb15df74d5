// Go's net/http answering with the bytes in the file BENCH_LIST, on BENCH_PORT.
package main

import (
	"log"
	"net/http"
	"os"
)

func main() {
	list, err := os.ReadFile(os.Getenv("BENCH_LIST"))
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/api/comment/list/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(list)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("BENCH_PORT"), nil))
}
