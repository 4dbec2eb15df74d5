"""The original comment API, written anew from its contract: what our bytes are compared with."""

from flask import Flask, jsonify, request

app = Flask(__name__)
threads = {}


@app.post("/api/comment/new")
def create_comment():
    draft = request.get_json()
    content_id = str(draft["content_id"])
    comment = {"email": draft["email"], "comment": draft["comment"]}
    threads.setdefault(content_id, []).append(comment)
    message = f"comment created and associated with content_id {content_id}"
    return jsonify({"status": "SUCCESS", "message": message})


@app.get("/api/comment/list/<content_id>")
def list_comments(content_id):
    if content_id not in threads:
        message = f"content_id {content_id} not found"
        return jsonify({"status": "NOT-FOUND", "message": message}), 404
    return jsonify(threads[content_id])
