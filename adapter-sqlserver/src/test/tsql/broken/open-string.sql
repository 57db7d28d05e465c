SELECT N'event
