SELECT 'one transaction writes at a time, and waits for the others before it begins'
