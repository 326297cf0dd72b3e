window.YTD.note_tweet.part0 = [
 {"noteTweet":{"noteTweetId":"9","updatedAt":"2023-05-01T10:00:00.000Z","createdAt":"2023-05-01T10:00:00.000Z","core":{"text":"A long one on the lamp, see https://t.co/l","urls":[{"shortUrl":"https://t.co/l","expandedUrl":"https://lamp.example/"}],"mentions":[],"hashtags":[]}}}
]
