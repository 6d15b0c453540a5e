"""What arrives: from the POST to its effect. What each type of activity does stands in federation/activities."""
