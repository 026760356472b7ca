-- `:checkhealth quickstudy`: whether the server is found, switched on and well, and what to do if not.

local M = {}

local health = vim.health

local function neovim()
  if vim.fn.has('nvim-0.11') == 1 then
    local version = vim.version()
    health.ok(('Neovim %d.%d.%d'):format(version.major, version.minor, version.patch))
  else
    health.error('Neovim is older than 0.11', 'Install Neovim 0.11 or newer.')
  end
end

--- The server's program as it is configured, if it is there.
---@return string?
local function program()
  local cmd = (vim.lsp.config.quickstudy or {}).cmd
  if type(cmd) ~= 'table' then
    health.info('The server is started by a function of your configuration')
    return nil
  end
  local found = vim.fn.exepath(cmd[1])
  if found == '' then
    health.error(('%s was not found on PATH'):format(cmd[1]), {
      'Install Quickstudy into an environment of its own, and put quickstudy-server on PATH,',
      "or give its full path: vim.lsp.config('quickstudy', { cmd = { '/path/to/quickstudy-server' } })",
    })
    return nil
  end
  health.ok('Server: ' .. found)
  return found
end

local function enabled()
  if vim.lsp.is_enabled('quickstudy') then
    health.ok('Switched on')
  else
    health.warn('Not switched on', "Put vim.lsp.enable('quickstudy') into your configuration.")
  end
  local clients = require('quickstudy.server').clients()
  for _, client in ipairs(clients) do
    health.ok(('Runs for %s'):format(client.root_dir or 'single files'))
  end
  if #clients == 0 then
    health.info('Runs for no project yet; open a Python file')
  end
end

--- How each state of a check is shown.
local SHOW = { ok = health.ok, note = health.info, missing = health.error }

--- What `quickstudy doctor`, which lies beside the server, says of this machine and project.
---@param server string
local function doctor(server)
  local command = vim.fs.joinpath(vim.fs.dirname(server), 'quickstudy')
  if vim.fn.executable(command) == 0 then
    health.info('quickstudy is not beside the server, so this machine was not looked at')
    return
  end
  local client = require('quickstudy.server').clients()[1]
  local done = vim
    .system({ command, 'doctor', '--json' }, {
      cwd = client and client.root_dir,
      env = { PYTHONPATH = '' },
      text = true,
      timeout = 60000,
    })
    :wait()
  local read, answer = pcall(vim.json.decode, done.stdout or '')
  if not read then
    health.warn('quickstudy doctor gave no answer', vim.split(vim.trim(done.stderr or ''), '\n'))
    return
  end
  for _, check in ipairs(answer.checks) do
    SHOW[check.state](('%s: %s'):format(check.name, require('quickstudy.words').line(check.text)))
  end
end

function M.check()
  health.start('Quickstudy')
  neovim()
  local server = program()
  enabled()
  if server then
    health.start('This machine, by quickstudy doctor')
    doctor(server)
  end
end

return M
