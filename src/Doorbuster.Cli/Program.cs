using Doorbuster.Cli.Commands;

return await CommandLine.RunAsync(args);
