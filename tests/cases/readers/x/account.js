window.YTD.account.part0 = [
  {
    "account" : {
      "email" : "row@ferry.example",
      "createdVia" : "web",
      "username" : "row_ida",
      "accountId" : "1",
      "createdAt" : "2010-03-05T10:00:00.000Z",
      "accountDisplayName" : "Ida Brandt"
    }
  }
]
