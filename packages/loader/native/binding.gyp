{
  'targets': [
    {
      'target_name': 'hookdump_loader',
      'sources': ['all.cc'],
      'dependencies': [
        '<!(node -p "require(\'node-addon-api\').targets"):node_addon_api_except',
      ],
      # The second: an error that can't be thrown since its worker is being terminated is no reason to abort.
      'defines': ['NAPI_VERSION=9', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'],
      'cflags': ['<!@(pkg-config --cflags libbpf)', '-Wall', '-Wextra', '-Wno-missing-field-initializers'],
      'cflags_cc': ['-std=gnu++17'],
      'libraries': ['<!@(pkg-config --libs libbpf)', '-pthread'],
    },
  ],
}
